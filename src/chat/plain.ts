/**
 * A generated message as plain data: without the fields that protobuf keeps for itself, and with enums as their numbers,
 * but for those that are left out. Types alone: the core runs without protobuf.
 *
 * @module
 */
export type Plain<T, Without extends number = never> = T extends number ? Exclude<NumbersOf<T>, Without>
  : T extends readonly (infer Element)[] ? Plain<Element, Without>[]
  : T extends object
    ? { [Field in keyof T as Field extends `$${string}` ? never : Field]: Plain<T[Field], Without> }
  : T;

/** The numbers of an enum; number stays what it is. */
type NumbersOf<T extends number> = `${T}` extends `${infer Value extends number}` ? Value : never;

/** A member of a oneof, likewise. */
export type PlainMember<T, Without extends number = never> = T extends
  { readonly case: infer Case extends string; readonly value: infer Value }
  ? { readonly case: Case; readonly value: Plain<Value, Without> }
  : never;
