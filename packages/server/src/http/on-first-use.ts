/** Makes a function when it is called for the first time. */
export function onFirstUse<Parameters extends readonly unknown[], Result>(
  make: () => (...parameters: Parameters) => Result,
): (...parameters: Parameters) => Result {
  let made: ((...parameters: Parameters) => Result) | undefined;
  return (...parameters) => {
    made ??= make();
    return made(...parameters);
  };
}
