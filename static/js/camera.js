// A photo from the camera: a live picture and a shutter where the browser may use the camera, else the phone's own app.

const dialog = document.getElementById("camera");
const view = document.getElementById("camera-view");
const message = document.getElementById("camera-message");
const shutter = document.getElementById("camera-shoot");
const other = document.getElementById("camera-file");

let stream = null;
let deliver = () => {};

// `onPhoto` gets a File for each photo that is taken.
export async function openCamera(onPhoto) {
  deliver = onPhoto;
  message.textContent = "";
  shutter.disabled = true;
  view.hidden = false;
  dialog.showModal();
  try {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NotSupportedError");
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "user", width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
    if (!dialog.open) return stop();
    view.srcObject = stream;
    await view.play();
    shutter.disabled = false;
    shutter.focus();
  } catch (error) {
    view.hidden = true;
    message.textContent = reason(error);
  }
}

function reason(error) {
  if (error.name === "NotAllowedError") {
    return "The browser may not use the camera. Allow it in the address bar and try again.";
  }
  if (error.name === "NotFoundError") return "No camera was found. Connect one, or choose a photo instead.";
  if (error.name === "NotSupportedError") {
    return "The browser lends its camera only to pages opened over https or on this computer.";
  }
  return "The camera did not start. Close other programs that use it and try again.";
}

shutter.addEventListener("click", () => {
  const canvas = document.createElement("canvas");
  canvas.width = view.videoWidth;
  canvas.height = view.videoHeight;
  canvas.getContext("2d").drawImage(view, 0, 0);
  canvas.toBlob(
    (blob) => {
      const time = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
      deliver(new File([blob], `camera ${time}.jpg`, { type: "image/jpeg" }));
      dialog.close();
    },
    "image/jpeg",
    0.92,
  );
});

other.addEventListener("change", () => {
  for (const file of other.files) deliver(file);
  other.value = "";
  dialog.close();
});

document.getElementById("camera-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", stop);

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  view.srcObject = null;
}
