// What is changed by hand in a lab of namespaces, cables and Linux bridges: shown, and repaired, and nothing else.
import { testDrift } from "../helpers/drift.js";
import { linux } from "../helpers/drift-linux.js";

testDrift(linux);
