// What is changed by hand in a lab with Open vSwitch: shown, and repaired, and nothing else.
import { testDrift } from "../helpers/drift.js";
import { ovs } from "../helpers/drift-ovs.js";

testDrift(ovs);
