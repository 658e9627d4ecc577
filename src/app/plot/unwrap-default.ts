/** The value of a CommonJS module: bundlers differ in whether its namespace is the value or has it as `default`. */
export function unwrapDefault<T extends object>(namespace: T): T {
  return 'default' in namespace ? (namespace.default as T) : namespace
}
