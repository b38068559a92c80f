/**
 * A table as a spreadsheet opens it: RFC 4180 with semicolons, which French spreadsheets expect, and a byte order mark, without which they
 * take it for Windows-1252. A cell that would be run as a formula is defused: the file it tells of may be hostile.
 */
export const csvOf = (rows: readonly (readonly (string | number)[])[]): string =>
  '\uFEFF' + rows.map((row) => row.map(cell).join(';')).join('\r\n') + '\r\n'

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
