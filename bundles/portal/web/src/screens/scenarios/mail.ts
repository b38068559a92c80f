import { createElement, type ReactNode } from 'react'

/** What of a mail's HTML is shown: its words and their order. No style, picture, script or address of it is ever looked at. */
const SHOWN = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'ul', 'ol', 'li', 'strong', 'em', 'b', 'i', 'u', 'br', 'hr', 'blockquote', 'div', 'span', 'table', 'tbody', 'thead', 'tr', 'td', 'th', 'pre', 'small'])
const EMPTY = new Set(['br', 'hr'])
const SILENT = new Set(['script', 'style', 'head', 'template', 'noscript', 'iframe', 'object', 'svg', 'math'])

/** Read by the browser as a document of nobody: nothing in it is run, loaded or followed. */
export function bodyOf(html: string): ReactNode[] {
  return children(new DOMParser().parseFromString(bare(html), 'text/html').body)
}

const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi
const ALT = /\salt\s*=\s*(?:"([^"]*)"|'([^']*)')/i

/** Tags alone: browsers complain of an attribute that would act even where nothing can act. */
function bare(html: string): string {
  return html.replace(TAG, (_, closing: string, tag: string, attributes: string) => {
    const alt = tag.toLowerCase() === 'img' ? ALT.exec(attributes) : null
    return `<${closing}${tag}${alt ? ` alt="${(alt[1] ?? alt[2] ?? '').replaceAll('"', '&quot;')}"` : ''}>`
  })
}

function children(node: Node): ReactNode[] {
  return [...node.childNodes].map((child, index) => shownAs(child, index))
}

function shownAs(node: Node, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent
  if (node.nodeType !== Node.ELEMENT_NODE) return null
  const tag = (node as Element).tagName.toLowerCase()
  if (SILENT.has(tag)) return null
  if (tag === 'a') return createElement('span', { key, className: 'mail-link' }, ...children(node))
  if (tag === 'img') return createElement('span', { key, className: 'mail-image' }, (node as Element).getAttribute('alt') || '▢')
  // A heading of the mail is none of this page.
  const as = /^h[1-4]$/.test(tag) ? 'strong' : SHOWN.has(tag) ? tag : 'span'
  return EMPTY.has(as) ? createElement(as, { key }) : createElement(as, { key, className: /^h[1-4]$/.test(tag) ? 'mail-heading' : undefined }, ...children(node))
}
