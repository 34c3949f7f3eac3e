// Checks a value against the JSON schema, by the validator that ajv compiled from it.
import validate from "./validator.gen.js";

/** One way in which a value does not fit; keyword and parameters as ajv names them (ajv.js.org/api.html#error-objects). */
export interface SchemaError {
  instancePath: string;
  keyword: string;
  params: Record<string, unknown>;
  /** The key that is wrong, where a key is. */
  propertyName?: string;
  /** The value that does not fit. */
  data: unknown;
  /** The part of the schema that has the keyword. */
  parentSchema: Record<string, unknown>;
}

/** Every way in which the value does not fit the schema. */
export function schemaErrors(value: unknown): SchemaError[] {
  const check = validate as unknown as { (data: unknown): boolean; errors: SchemaError[] | null };
  return check(value) ? [] : (check.errors ?? []);
}
