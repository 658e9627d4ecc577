import { describe, expect, test } from 'vitest'
import { parseCommand } from './arguments.ts'

describe('the command line', () => {
  test('of a run names experiment, engine, folder and files', () => {
    expect(parseCommand(['run', 'mlp50-quick', '--out', 'results'])).toEqual({ name: 'run', experiment: 'mlp50-quick', engine: 'auto', out: 'results', weights: null, data: null })
    expect(parseCommand(['run', 'a.json', '--engine', 'cpu', '--out=b', '--weights', 'w.npz', '--data', 'd.npz'])).toEqual({
      name: 'run',
      experiment: 'a.json',
      engine: 'wasm',
      out: 'b',
      weights: 'w.npz',
      data: 'd.npz',
    })
  })

  test.each([
    [['--help']],
    [['-h', 'run']],
    [['help']],
    [[]],
  ])('%j asks for help', (argv) => {
    expect(parseCommand(argv)).toEqual({ name: 'help' })
  })

  test('of presets', () => {
    expect(parseCommand(['presets'])).toEqual({ name: 'presets' })
  })

  test.each([
    [['train'], 'unknown command "train"; expected run or presets'],
    [['run'], 'run needs an experiment: a preset or a .json file'],
    [['run', 'a.json'], 'run needs --out FOLDER for its results'],
    [['run', 'a.json', 'b.json', '--out', 'x'], '"b.json" is one argument too many; run takes one experiment'],
    [['presets', 'all'], 'presets takes no argument, got "all"'],
    [['run', 'a.json', '--out', 'x', '--engine', 'gpu'], 'unknown engine "gpu"; expected auto, cpu, wasm, cpu-relaxed, webgpu, reference'],
    [['run', 'a.json', '--out', 'x', '--engine', 'toString'], 'unknown engine "toString"'],
    [['run', 'a.json', '--folder', 'x'], "Unknown option '--folder'"],
    [['run', 'a.json', '--out'], 'argument missing'],
  ])('%j is refused', (argv, message) => {
    expect(() => parseCommand(argv)).toThrow(message)
  })
})
