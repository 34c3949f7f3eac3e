// Checks a value against the JSON schema. The only importer of `ajv`.
import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";

export type SchemaError = ErrorObject<string, Record<string, unknown>, Record<string, unknown>>;

let compiled: ValidateFunction | undefined;

function compile(): ValidateFunction {
  const file = new URL("../../schemas/topology.schema.json", import.meta.url);
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    validateFormats: false,
    strictTypes: false,
  });
  return ajv.compile(JSON.parse(readFileSync(file, "utf8")));
}

/** Every way in which the value does not fit the schema. */
export function schemaErrors(value: unknown): SchemaError[] {
  compiled ??= compile();
  return compiled(value) ? [] : ((compiled.errors ?? []) as SchemaError[]);
}
