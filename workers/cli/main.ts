import { isLabErrorData } from '../../src/contracts/errors.ts'
import { parseCommand } from './arguments.ts'
import { execute } from './execute.ts'
import { nodeEnvironment } from './node-environment.ts'

try {
  await execute(parseCommand(process.argv.slice(2)), (line) => console.log(line), nodeEnvironment)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(isLabErrorData(error) ? `${message}\n${error.remedy}` : `${message}\nTry: npm run lab -- help`)
  process.exitCode = 1
}
