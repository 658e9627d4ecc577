import type { ToHelper } from './parallel/messages.ts'
import { serve } from './parallel/helper.ts'

serve({
  post: (message, transfer) => postMessage(message, { transfer }),
  listen: (listener) => addEventListener('message', ({ data }: MessageEvent<ToHelper>) => listener(data)),
})
