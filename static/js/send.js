// One request with upload progress, which fetch cannot report. Never rejects: an error is a sentence with a next step.

export function send(url, data, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => resolve(answer(request)));
    request.addEventListener("error", () => resolve({ error: "The connection was lost. Check it and try again." }));
    request.addEventListener("abort", () => resolve({ error: "Sending was stopped." }));
    request.send(data);
  });
}

function answer(request) {
  const body = request.response;
  if (request.status === 200 && body?.location) return body;
  if (body?.error) return body;
  if (request.status === 403) return { error: "This page was open for too long. Reload it and choose the photos again." };
  if (request.status === 413) return { error: "The file is too large for this server. Send a smaller version." };
  if (request.status === 200) return { error: "You have been signed out. Reload the page to sign in again." };
  return { error: "The server could not take it. Try again in a minute." };
}
