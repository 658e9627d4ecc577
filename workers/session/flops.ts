/** A multiplication of the forward pass stands for two operations there and four in the backward pass. */
export const FLOPS_PER_MULTIPLICATION = 6
