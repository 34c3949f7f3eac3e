// What is changed by hand of a lab's addresses, routes, settings and NAT: shown, and repaired, and nothing else.
import { testDrift } from "../helpers/drift.js";
import { network } from "../helpers/drift-network.js";

testDrift(network);
