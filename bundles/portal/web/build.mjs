// One build of the portal: the API's types, the check of the types, the bundle, its compressed twins, its weight.
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** What the launch screen may weigh in JavaScript before it works, gzipped: ten seconds of slow 3G. */
const BUDGET = 250 * 1024
const OUT = '../target/classes/web'
const COMPRESSED = new Set(['.html', '.js', '.mjs', '.css', '.svg', '.json', '.webmanifest', '.txt', '.md'])

const run = (script, ...args) => {
  const { status } = spawnSync(process.execPath, [join('node_modules', script), ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  // What is wrong has been said by whoever found it.
  if (status !== 0) process.exit(status ?? 1)
}

run('openapi-typescript/bin/cli.js', process.argv[2], '-o', '../target/web-api/schema.d.ts', '--root-types', '--root-types-no-schema-prefix')
run('typescript-7/bin/tsc', '--noEmit')
rmSync(OUT, { recursive: true, force: true })
mkdirSync(OUT, { recursive: true })
run('vite/bin/vite.js', 'build', '--outDir', OUT, '--emptyOutDir', '--logLevel', 'warn')

// The letters are no script, so the bundler names no licence for them; theirs asks to go with them.
appendFileSync(join(OUT, 'licences.md'), `\n## Atkinson Hyperlegible Next (OFL-1.1)\n\n${readFileSync('node_modules/@fontsource-variable/atkinson-hyperlegible-next/LICENSE', 'utf8')}`)

const files = readdirSync(OUT, { recursive: true })
  .map((name) => join(OUT, name))
  .filter((file) => statSync(file).isFile())
const gzipped = new Map()
for (const file of files.filter((name) => COMPRESSED.has(extname(name)))) {
  const bytes = readFileSync(file)
  const gzip = gzipSync(bytes, { level: 9 })
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
  gzipped.set(file, gzip.length)
  // A twin that saves nothing is not worth a request header's thought.
  if (gzip.length < bytes.length * 0.95) writeFileSync(`${file}.gz`, gzip)
  if (brotli.length < bytes.length * 0.95) writeFileSync(`${file}.br`, brotli)
}

weigh()

/** What is loaded before the launch screen works: the entry, the screen's own chunk, and whatever these import. */
function weigh() {
  const manifest = JSON.parse(readFileSync(join(OUT, '.vite/manifest.json'), 'utf8'))
  const wanted = new Set()
  const take = (key) => {
    const chunk = manifest[key]
    if (!chunk) throw new Error(`the bundle has no ${key}: build.mjs measures a screen that is no more`)
    if (wanted.has(chunk.file)) return
    wanted.add(chunk.file)
    for (const next of chunk.imports ?? []) take(next)
  }
  take('index.html')
  take('src/screens/launch/LaunchScreen.tsx')
  const bytes = [...wanted].filter((file) => file.endsWith('.js')).reduce((sum, file) => sum + gzipped.get(join(OUT, file)), 0)
  rmSync(join(OUT, '.vite'), { recursive: true })
  writeFileSync('../target/web-weight.json', JSON.stringify({ launchScreenGzipBytes: bytes, budgetBytes: BUDGET, files: [...wanted].sort() }) + '\n')
  console.log(`portal: ${(bytes / 1024).toFixed(1)} KB of gzipped JavaScript before the launch screen works (at most ${BUDGET / 1024})`)
  if (bytes > BUDGET) {
    console.error('the portal is heavier than its budget: see target/web-weight.json')
    process.exit(1)
  }
}
