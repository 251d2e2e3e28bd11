// Shows what needs passkeys where the browser has them, and says in words why one was not used.

const WORDS = {
  NotAllowedError: "No passkey was used. You may have cancelled, or it took too long. Try again.",
  InvalidStateError: "This device or key has a passkey for your account already.",
  SecurityError: "Passkeys work only by HTTPS, at the name under which people open Facet.",
  NotSupportedError: "This device or key cannot do what is needed. Try another one.",
};

if (window.isSecureContext && window.PublicKeyCredential) {
  for (const element of document.querySelectorAll("[data-passkey]")) element.hidden = false;
  for (const element of document.querySelectorAll("[data-no-passkeys]")) element.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  const message = document.getElementById("passkey-error");
  if (!message) return;
  event.preventDefault();
  message.querySelector("span").textContent =
    WORDS[event.detail.exception?.name] ?? "The passkey could not be used. Reload the page and try again.";
  message.hidden = false;
});
