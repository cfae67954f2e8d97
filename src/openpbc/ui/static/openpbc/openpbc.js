// Every page works without this file; it adds the folding menu, focus on errors and double-click guards.
import { initAll } from "./vendor/nhsuk/nhsuk-frontend.min.js";

initAll();
