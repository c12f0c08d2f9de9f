// Says when there is no network, and keeps a signature that could not be sent: in this browser alone, until it was sent. It is sent only
// for the sheet that was signed; where that was changed meanwhile, the customer is asked to look and sign anew. Without this script a
// form is sent as any other. What is said stands in the page, in its language.
(function () {
  "use strict";
  var told = document.querySelector("[data-offline]");
  var form = document.querySelector("form[data-keep]");
  var page = location.pathname;
  var place = "signature:" + page;
  if (!told || !window.fetch || !window.URLSearchParams || !window.DOMParser) return;

  function kept() {
    // A browser may forbid its store; then nothing is kept, and nothing else breaks.
    try { return JSON.parse(localStorage.getItem(place)); } catch (error) { return null; }
  }
  function keep(signature) {
    try { localStorage.setItem(place, JSON.stringify(signature)); return true; } catch (error) { return false; }
  }
  function forget() {
    try { localStorage.removeItem(place); } catch (error) { /* It was never kept. */ }
  }
  function say(what) {
    told.hidden = !what;
    told.textContent = what ? told.getAttribute("data-" + what) : "";
  }
  function post(signature) {
    return fetch(signature.action, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: signature.body,
    });
  }

  // The hash of the sheet as it stands, out of the page's own form; none where nothing is to be signed any more, and no hash at all where
  // something is to be done first.
  function standing() {
    return fetch(location.href, { cache: "no-store" }).then(function (answer) {
      if (answer.status >= 500) throw new Error("later");
      return answer.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      var field = page.querySelector("form[data-keep] input[name=sheet_hash]");
      if (field) return field.value;
      return page.querySelector("[data-unready]") ? "unready" : "";
    });
  }

  var sending = false;
  function send() {
    var signature = kept();
    if (!signature || sending) return;
    sending = true;
    say("sending");
    standing().then(function (hash) {
      if (hash !== signature.hash) {
        forget();
        say(hash ? "changed" : "over");
        return null;
      }
      return post(signature).then(function (answer) {
        if (answer.status >= 500) throw new Error("later");
        forget();
        if (answer.redirected) { location.replace(answer.url); return null; }
        return answer.text().then(function (text) {
          var why = new DOMParser().parseFromString(text, "text/html").querySelector(".wrong");
          say("refused");
          if (why) told.textContent += why.textContent;
        });
      });
    }).catch(function () {
      say("kept");
    }).then(function () {
      sending = false;
    });
  }

  function look() {
    if (kept()) {
      if (navigator.onLine === false) say("kept"); else send();
    } else if (navigator.onLine === false) {
      say("offline");
    } else if (told.textContent === told.getAttribute("data-offline")) {
      say("");
    }
  }

  if (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var signature = {
        action: form.getAttribute("action"),
        body: new URLSearchParams(new FormData(form)).toString(),
        hash: form.querySelector("input[name=sheet_hash]").value,
      };
      var button = form.querySelector("[data-send]");
      button.disabled = true;
      post(signature).then(function (answer) {
        if (answer.redirected) location.assign(answer.url);
        // What is wrong with it is said by the page that a plain form is answered with.
        else form.submit();
      }, function () {
        button.disabled = false;
        if (!keep(signature)) { say("unkept"); return; }
        say("kept");
        told.scrollIntoView();
      });
    });
  }
  window.addEventListener("online", look);
  window.addEventListener("offline", look);
  // Some networks come back without a word.
  setInterval(function () { if (kept()) look(); }, 20000);
  look();
})();

// Says that a delay stood before somebody's eyes. A program that fetches the page to show a preview of it runs no script, and what a window
// in the background shows nobody has seen.
(function () {
  "use strict";
  var late = document.querySelector("[data-seen]");
  if (!late || !window.fetch) return;
  function see() {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", see);
    fetch(late.getAttribute("data-seen"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ delay: late.getAttribute("data-delay") }),
    }).catch(function () { /* Opened again, it is said again. */ });
  }
  document.addEventListener("visibilitychange", see);
  see();
})();
