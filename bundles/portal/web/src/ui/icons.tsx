import type { ReactNode } from 'react'
import type { Mode, State } from '../api/model'

/** Drawn on a 24 grid with a 2 px line; each is told by its outline, without its colour. Always beside a word, so silent. */
function Icon({ children, size = 20 }: { children: ReactNode; size?: number | undefined }) {
  return (
    <svg
      aria-hidden
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  )
}
type Sized = { size?: number }

export const Bell = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M12 3c-3.6 0-5.6 2.5-5.6 6.2 0 4.2-1.4 5.8-2.6 7h16.4c-1.2-1.2-2.6-2.8-2.6-7C17.6 5.5 15.6 3 12 3Z" fill="currentColor" />
    <path d="M10 20.500a2.2 2.2 0 0 0 4 0" />
  </Icon>
)
export const Rehearsal = ({ size }: Sized) => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="9" strokeDasharray="3.5 3.570" />
    <path d="M9 8.500v7l6.5-3.500Z" />
  </Icon>
)
export const ModeIcon = ({ mode, size }: { mode: Mode } & Sized) => (mode === 'live' ? <Bell size={size} /> : <Rehearsal size={size} />)

export const Home = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="m3.5 11 8.5-7.500L20.5 11M6 9.500V20h4.500v-5.500h3V20H18V9.5" />
  </Icon>
)
export const Pulse = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M2.5 12.500h4l3-8 5 15 3-7h4" />
  </Icon>
)
export const Plan = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M5 3.500h14v17H5ZM8.500 8h7M8.500 12h7M8.500 16h4" />
  </Icon>
)
export const Check = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="m4.5 12.5 5 5 10-11" />
  </Icon>
)
export const Cross = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
)
export const Warning = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M12 3.5 2.5 20h19ZM12 10v4.500M12 17.300v.1" />
  </Icon>
)
export const Clock = ({ size }: Sized) => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7v5.500l3.5 2" />
  </Icon>
)
export const Question = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M8.5 9a3.6 3.6 0 1 1 5.2 3.200c-1.2.6-1.7 1.3-1.7 2.500M12 18.300v.1" />
  </Icon>
)
export const Tray = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M12 3.500v9m-4-4 4 4 4-4M3.5 14v6h17v-6" />
  </Icon>
)
export const Person = ({ size }: Sized) => (
  <Icon size={size}>
    <circle cx="12" cy="8" r="4" />
    <path d="M4.5 20.500c.6-4 3.6-6 7.5-6s6.9 2 7.5 6" />
  </Icon>
)
export const Up = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="m6 14.5 6-6 6 6" />
  </Icon>
)
export const People = ({ size }: Sized) => (
  <Icon size={size}>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M2.5 19.500c.5-3.700 3-5.500 6.5-5.500s6 1.800 6.5 5.500M16 5.300a3.4 3.4 0 0 1 0 6.400M17.800 14.400c2 .7 3.3 2.400 3.7 5.100" />
  </Icon>
)
export const Plus = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M12 5v14M5 12h14" />
  </Icon>
)
export const Pen = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3" />
  </Icon>
)
export const Sheet = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M6 3.500h8.500L19 8v12.500H6ZM14 3.500V8.500h5M9.500 17v-3M12.500 17v-5M15.500 17v-2" />
  </Icon>
)
export const Cog = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M4 7h9M19 7h1M4 17h1M11 17h9" />
    <circle cx="16" cy="7" r="2.6" />
    <circle cx="8" cy="17" r="2.6" />
  </Icon>
)
export const Down = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="m6 9.5 6 6 6-6" />
  </Icon>
)
export const Right = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="m9.5 6 6 6-6 6" />
  </Icon>
)
export const Pause = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M8.5 5v14M15.5 5v14" strokeWidth="3" />
  </Icon>
)
export const Play = ({ size }: Sized) => (
  <Icon size={size}>
    <path d="M7.5 4.500v15l12-7.500Z" />
  </Icon>
)

const CHANNELS: Record<string, ReactNode> = {
  sms: <path d="M4 4.500h16v11.500h-8.500L7 20v-4H4Z M8 9h8M8 12.300h5" />,
  voice: <path d="M5 4h4l1.8 4.6-2.4 1.700a12 12 0 0 0 5.3 5.300l1.7-2.400L20 15v4c0 .8-.6 1.3-1.3 1.200C11 19.5 4.5 13 3.8 5.3 3.7 4.6 4.2 4 5 4Z" />,
  mail: <path d="M3 5.500h18v13H3ZM3.5 6l8.5 7 8.5-7" />,
  fax: <path d="M7 9V3.500h10V9M4 9h16v10.500H4ZM8 13.500h3M8 16.500h3M15.5 15h.1" />,
  publish: <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3.2 12h17.600M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18" />,
  webhook: <path d="M9.5 14.5 14.5 9.500M8 10.500l-2.5 2.500a3.9 3.9 0 0 0 5.5 5.500l2.5-2.500M16 13.500l2.5-2.500A3.9 3.9 0 0 0 13 5.500L10.5 8" />,
}
export const ChannelIcon = ({ channel, size }: { channel: string } & Sized) => (
  <Icon size={size}>{CHANNELS[channel] ?? <circle cx="12" cy="12" r="3.5" />}</Icon>
)

const STATE_ICONS: Record<State, (sized: Sized) => ReactNode> = {
  ANSWERED: Check,
  DELIVERED: Tray,
  PENDING: Clock,
  UNKNOWN: Question,
  FAILED: Cross,
}
export const StateIcon = ({ state, size }: { state: State } & Sized) => STATE_ICONS[state]({ ...(size ? { size } : {}) })

/** The sign of the house. */
export const Mark = ({ size = 30 }: Sized) => (
  <svg aria-hidden focusable="false" width={size} height={size} viewBox="0 0 32 32" className="mark">
    <rect width="32" height="32" rx="7" className="mark-ground" />
    <path d="M16 6c-4.2 0-6.6 3-6.6 7.2 0 4.6-1.5 6.3-2.9 7.600h19c-1.4-1.3-2.9-3-2.9-7.600C22.6 9 20.2 6 16 6Z" className="mark-bell" />
    <circle cx="16" cy="23.6" r="2.4" className="mark-bell" />
  </svg>
)
