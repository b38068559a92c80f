import type { ReactNode } from 'react'
import {
  Button as AriaButton,
  Dialog,
  FieldError,
  Heading,
  Input,
  Label,
  Modal,
  ModalOverlay,
  Radio,
  RadioGroup,
  Text,
  TextField,
  type ButtonProps,
} from 'react-aria-components'

export function Button({
  kind = 'plain',
  size = 'usual',
  className,
  ...rest
}: ButtonProps & { kind?: 'primary' | 'plain' | 'quiet' | 'danger' | 'mode'; size?: 'usual' | 'small' | 'large' }) {
  return <AriaButton {...rest} className={`button button-${kind} button-${size} ${typeof className === 'string' ? className : ''}`} />
}

export function Field({
  label,
  hint,
  error,
  type = 'text',
  ...rest
}: {
  label: string
  hint?: string | undefined
  error?: string | undefined
  type?: 'text' | 'password' | 'search'
  name?: string
  value: string
  onChange: (value: string) => void
  onBlur?: () => void
  autoComplete?: string
  autoFocus?: boolean
  isRequired?: boolean
  isReadOnly?: boolean
  maxLength?: number
}) {
  return (
    <TextField {...rest} type={type} isInvalid={error !== undefined} validationBehavior="aria" className="field">
      <Label>{label}</Label>
      <Input className="input" spellCheck={false} autoCapitalize="none" />
      {hint && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  )
}

/** A choice among few that deserves room: each option is a card that says what it means. */
export function Choices<T extends string>({
  label,
  value,
  onChange,
  options,
  className = '',
}: {
  label: string
  value: T | null
  onChange: (value: T) => void
  options: { value: T; text: ReactNode; hint?: ReactNode; mode?: string | undefined }[]
  className?: string
}) {
  return (
    <RadioGroup value={value} onChange={(chosen) => onChange(chosen as T)} className={`choices ${className}`}>
      <Label className="choices-label">{label}</Label>
      <div className="choices-options">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className="choice" {...(option.mode ? { 'data-mode': option.mode } : {})}>
            <span className="choice-dot" aria-hidden />
            <span className="choice-text">
              {option.text}
              {option.hint && <span className="choice-hint">{option.hint}</span>}
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}

/** Over the page, for what must be decided before anything else; Escape and a press outside leave everything as it was. */
export function Ask({
  open,
  onClose,
  title,
  children,
  mode,
  role = 'dialog',
  wide = false,
  keepOpen = false,
}: {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
  mode?: string | undefined
  role?: 'dialog' | 'alertdialog'
  wide?: boolean
  keepOpen?: boolean
}) {
  return (
    <ModalOverlay isOpen={open} onOpenChange={(isOpen) => !isOpen && onClose()} isDismissable={!keepOpen} isKeyboardDismissDisabled={keepOpen} className="veil">
      <Modal className={`modal ${wide ? 'modal-wide' : ''}`} {...(mode ? { 'data-mode': mode } : {})}>
        <Dialog role={role} className="dialog">
          <Heading slot="title" className="dialog-title">
            {title}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
