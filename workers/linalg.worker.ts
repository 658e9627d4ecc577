import { serve } from './linalg/helper.ts'
import type { ToHelper } from './linalg/messages.ts'

serve({
  post: (message) => postMessage(message),
  listen: (listener) => addEventListener('message', ({ data }: MessageEvent<ToHelper>) => listener(data)),
})
