// Keeps the page up to date while somebody looks at it: "on the way" becomes "arrived" by itself. It is loaded anew only where it says
// something else than before, and never while something is being typed, chosen or signed. Without this script one reloads it by hand.
(function () {
  "use strict";
  var every = 30000;
  if (!window.fetch || !window.DOMParser || !document.querySelector("[data-follow]")) return;

  // What the page says, without what only was said of an act or of the network, and without what stands in fields.
  function told(page) {
    var main = page.querySelector("main");
    if (!main) return "";
    main = main.cloneNode(true);
    Array.prototype.forEach.call(main.querySelectorAll(".said, .wrong, .offline, textarea"), function (part) {
      part.parentNode.removeChild(part);
    });
    return main.textContent;
  }

  function isBusy() {
    var fields = document.querySelectorAll("input, textarea");
    for (var i = 0; i < fields.length; i += 1) {
      var field = fields[i];
      if (field === document.activeElement && field.type !== "hidden") return true;
      if (field.type === "radio" ? field.checked !== field.defaultChecked : field.name === "strokes" ? field.value : field.value !== field.defaultValue) {
        return true;
      }
    }
    // Somebody reads what a form asks, or is about to send it.
    return document.querySelector("details.act[open], button[disabled]") !== null;
  }

  var here = told(document);
  function look() {
    if (document.hidden || isBusy() || navigator.onLine === false) return;
    fetch(location.href, { cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (text) {
      if (!text) return;
      var now = told(new DOMParser().parseFromString(text, "text/html"));
      // Meanwhile a finger may have come down.
      if (now && now !== here && !isBusy()) location.reload();
    }).catch(function () { /* There will be a network again. */ });
  }
  setInterval(look, every);
  document.addEventListener("visibilitychange", look);
})();
