import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { bodyOf } from './mail'

test('a hostile mail shows its words and nothing else', () => {
  const { container } = render(
    <div>
      {bodyOf(
        '<style>p{color:red}</style><script>alert(1)</script><p onclick="alert(1)" style="color:red">Bon<b>jour</b></p>' +
          '<img src="https://foreign.example/x.png" onerror="alert(1)" alt="plan"><a href="javascript:alert(1)">lien</a><iframe src="https://foreign.example"></iframe><svg onload="alert(1)"></svg>',
      )}
    </div>,
  )
  expect(container.textContent).toBe('Bonjourplanlien')
  expect(container.querySelectorAll('script, style, img, iframe, svg, a, [onclick], [onerror], [style], [src], [href]')).toHaveLength(0)
})
