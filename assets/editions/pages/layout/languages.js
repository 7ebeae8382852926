(function () {
  var english = document.getElementById("english"), dutch = document.getElementById("dutch");
  function follow() { document.documentElement.lang = english.checked ? "en" : "nl"; }
  // The language goes along in the address of the next page: pages that are opened as files share nothing else.
  function takeAlong(event) {
    var link = event.target.closest("a[href]");
    if (!link || link.getAttribute("href").startsWith("#") || link.host !== location.host || !link.pathname.endsWith(".html")) { return; }
    link.search = english.checked ? "?lang=en" : "";
  }
  if (new URLSearchParams(location.search).get("lang") === "en") { english.checked = true; }
  english.addEventListener("change", follow);
  dutch.addEventListener("change", follow);
  document.addEventListener("click", takeAlong);
  document.addEventListener("auxclick", takeAlong);
  follow();
})();
