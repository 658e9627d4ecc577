// Worker threads of Node know no TypeScript until the loader is registered in them.
import { register } from 'tsx/esm/api'

register()
await import('./entry.ts')
