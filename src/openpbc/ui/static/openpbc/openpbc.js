// Every page works without this file; it adds the folding menu, focus on errors, double-click guards, and
// opens a folded table that an address names.
import { initAll } from "./vendor/nhsuk/nhsuk-frontend.min.js";

initAll();

function unfold() {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = named && named.closest("details");
  if (folded) folded.open = true;
}
addEventListener("hashchange", unfold);
unfold();
