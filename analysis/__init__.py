"""Photos, the analyses of them, the faces found, corrections by owners and reviews by reviewers."""
