// What is changed by hand on the host of a lab: shown, and repaired, and nothing else.
import { testDrift } from "../helpers/drift.js";
import { services } from "../helpers/drift-services.js";

testDrift(services);
