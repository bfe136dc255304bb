/** A table for people: a line of titles, then rows; columns of figures end in one line. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  isFigures: (column: number) => boolean = () => false,
): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isFigures(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return lines.map((cells) => `${line(cells)}\n`).join('');
}
