import { expose, transferHandlers } from 'comlink'
import { carryLabErrors } from '../src/contracts/wire.ts'
import { browserEnvironment } from './session/browser-environment.ts'
import { createSession } from './session/session.ts'

carryLabErrors(transferHandlers)
expose(createSession(browserEnvironment()))
