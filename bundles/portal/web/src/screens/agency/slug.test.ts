import { expect, test } from 'vitest'
import { slugOf } from './slug'

test.each([
  ['Saint-Aurel-sur-Loue', 'saint-aurel-sur-loue'],
  ["L'Haÿ-les-Roses, n° 2", 'l-hay-les-roses-n-2'],
  ['  Œuvre d’Été ', 'oeuvre-d-ete'],
  ['<script>alert(1)</script>', 'script-alert-1-script'],
  ['村', ''],
  [`a${'-b'.repeat(60)}`, `a${'-b'.repeat(31)}`],
])('"%s" is written %s', (name, slug) => expect(slugOf(name)).toBe(slug))
