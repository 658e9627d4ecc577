/** Classes of CIFAR-10 in the order of their labels (Krizhevsky 2009). */
export const CIFAR10_CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'] as const
