// Draws the customer's signature and keeps its strokes with their timing: x,y,t in pixels and milliseconds, points parted by a blank,
// strokes by a bar. Without this script the typed name signs.
"use strict";
document.querySelectorAll("[data-sign]").forEach(function (box) {
  var canvas = box.querySelector("canvas");
  var field = box.querySelector("input[name=strokes]");
  var clear = box.querySelector("button");
  var pen = canvas.getContext("2d");
  var strokes = [], bytes = 0, start = 0, drawing = false;
  box.hidden = false;
  pen.lineWidth = 2.5;
  pen.lineCap = pen.lineJoin = "round";

  function point(event) {
    var frame = canvas.getBoundingClientRect();
    if (!start) start = event.timeStamp;
    return [
      Math.round(((event.clientX - frame.left) * canvas.width) / frame.width),
      Math.round(((event.clientY - frame.top) * canvas.height) / frame.height),
      Math.round(event.timeStamp - start),
    ];
  }
  function keep() {
    field.value = strokes.map(function (stroke) { return stroke.join(" "); }).join("|");
    bytes = field.value.length;
  }
  canvas.addEventListener("pointerdown", function (event) {
    event.preventDefault();
    if (bytes > 28000) return;
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    var at = point(event);
    strokes.push([at.join(",")]);
    keep();
    pen.beginPath();
    pen.moveTo(at[0], at[1]);
  });
  canvas.addEventListener("pointermove", function (event) {
    if (!drawing) return;
    event.preventDefault();
    var at = point(event);
    bytes += 14;
    if (bytes > 30000) { drawing = false; keep(); return; }
    strokes[strokes.length - 1].push(at.join(","));
    pen.lineTo(at[0], at[1]);
    pen.stroke();
  });
  ["pointerup", "pointercancel"].forEach(function (name) {
    canvas.addEventListener(name, function () { drawing = false; keep(); });
  });
  clear.addEventListener("click", function () {
    strokes = []; start = 0;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    keep();
  });
});
// On paper all steps are read, in browsers too that print what is folded up as folded up.
window.addEventListener("beforeprint", function () {
  Array.prototype.forEach.call(document.querySelectorAll("details"), function (part) {
    if (!part.classList.contains("act") && !part.open) { part.open = true; part.setAttribute("data-was-shut", ""); }
  });
});
window.addEventListener("afterprint", function () {
  Array.prototype.forEach.call(document.querySelectorAll("[data-was-shut]"), function (part) {
    part.open = false;
    part.removeAttribute("data-was-shut");
  });
});
