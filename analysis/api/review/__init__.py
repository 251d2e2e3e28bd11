"""The review queue in the API: for reviewers, with tokens of the scope `review`."""
