import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const node = process.env.TOCSIN_URL ?? 'http://127.0.0.1:8181'

export default defineConfig({
  plugins: [react()],
  build: {
    manifest: true,
    // Evergreen browsers of the last two years; a town hall's managed Edge or Firefox ESR among them.
    target: ['chrome120', 'edge120', 'firefox128', 'safari17.4'],
    // A font inside a style sheet cannot be cached apart, and the policy forbids data: scripts.
    assetsInlineLimit: 0,
    // The map's library, loaded when a map is first shown; what is loaded before is weighed by build.mjs.
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    license: { fileName: 'licences.md' },
  },
  server: { proxy: { '/api': node, '/map.json': node } },
})
