import { parentPort } from 'node:worker_threads'
import { serve } from '../helper.ts'
import type { ToHelper } from '../messages.ts'

const port = parentPort
if (port === null) throw new Error('entry.ts is the code of a worker thread; node/threads.ts starts it')

serve({
  post: (message) => port.postMessage(message),
  listen: (listener) => port.on('message', (message: ToHelper) => listener(message)),
})
