import { z } from 'zod'
import { selectionSchema } from './selection.ts'

/** Settings of the analyses that look at the curvature of the loss. */

const positive = z.number().positive()

/** Which symmetric matrix of which weights over which samples. */
const curvatureFields = {
  selection: selectionSchema,
  /**
   * `fisher` takes labels from the network's own predictions and equals Gauss–Newton for the softmax cross entropy;
   * `empiricalFisher` takes those of the data.
   */
  matrix: z.enum(['hessian', 'gaussNewton', 'fisher', 'empiricalFisher']).default('hessian'),
  /** Whether 2λ of weight decay is part of it. */
  decayTerm: z.boolean().default(true),
  /** So many training samples at most, of the part asked for. */
  samples: z.int().min(1).max(60000),
  /** `first`: the first ones; `class3`: the first ones of a class; `batch5`: from sample 5·samples on. */
  part: z
    .string()
    .regex(/^(first|class\d{1,3}|batch\d{1,5})$/, 'a part of the samples is "first", a class such as "class3" or a batch such as "batch5"')
    .default('first'),
  /** Statistics of batch norm: those gathered in training, or of the samples themselves. */
  batchNorm: z.enum(['inference', 'training']).default('inference'),
}

/** Epoch of another checkpoint that is looked at as well, to be shown beside; null for none. */
const compare = z.int().min(0).max(5000).nullable().default(null)

/** Megabytes that vectors and matrices may take. */
const memory = z.int().min(16).max(16384).default(2000)

export const hessianAnalysisSchema = z.object({
  kind: z.literal('hessian'),
  ...curvatureFields,
  /** Eigenpairs wanted from the top and from the bottom of the spectrum. */
  largest: z.int().min(1).max(8192),
  smallest: z.int().min(0).max(8192),
  /** Converged: residual ≤ tolerance·max|h|. */
  tolerance: positive.max(0.1),
  maxProducts: z.int().min(2).max(200000),
  /** The samples are cut into so many equal batches, and the eigenvalues of each are computed as well; 1 for none. */
  batches: z.int().min(1).max(64).default(1),
  compare,
  /** Where a whole Krylov basis would take more, Lanczos restarts. */
  memory,
})

export const wholeSpectrumAnalysisSchema = z.object({
  kind: z.literal('wholeSpectrum'),
  ...curvatureFields,
  /** Eigenvectors too; without them it takes a third of the time. */
  vectors: z.boolean().default(true),
  /** `gpu` decomposes in float32 on the graphics device. */
  solver: z.enum(['float64', 'gpu']).default('float64'),
  compare,
  memory,
})

export const densityAnalysisSchema = z.object({
  kind: z.literal('density'),
  ...curvatureFields,
  /** Random start vectors n_v. */
  probes: z.int().min(1).max(200),
  /** Lanczos steps m from each. */
  steps: z.int().min(2).max(1000),
  compare,
})

export const traceAnalysisSchema = z.object({
  kind: z.literal('trace'),
  ...curvatureFields,
  method: z.enum(['hutchinson', 'hutchpp']),
  /** Random vectors; Hutch++ spends three products on each. */
  probes: z.int().min(2).max(5000),
})

export const demonstrationAnalysisSchema = z.object({
  kind: z.literal('demonstration'),
  ...curvatureFields,
  algorithm: z.enum(['power', 'lanczos']),
  steps: z.int().min(1).max(300),
  /** Without it Lanczos loses orthogonality, and copies of eigenvalues appear. */
  reorthogonalise: z.boolean().default(true),
})

export const noiseFilteringAnalysisSchema = z.object({
  kind: z.literal('noiseFiltering'),
  /** The kernels whose small singular values go: one or several, or `all`. */
  selection: selectionSchema,
  /** Points of the curve from nothing to everything removed. */
  points: z.int().min(2).max(101),
})

export const singularValuesAnalysisSchema = z.object({
  kind: z.literal('singularValues'),
  /**
   * Where the bulk ends: Marchenko–Pastur with the standard deviation of the initialiser, of the kernel's entries, or
   * fitted to the bulk; or the largest singular value after the entries were permuted.
   */
  edge: z.enum(['initialiser', 'entries', 'fit', 'permuted']),
  /** Convolution kernels as [kh·kw, in·out], or with all inputs of a filter in a column, [kh·kw·in, out]. */
  reshape: z.enum(['thesis', 'filters']).default('thesis'),
})

/** Curvature while the network trains. */
export const monitorSchema = z.object({
  selection: selectionSchema,
  /** Optimiser steps between two looks. */
  every: z.int().min(1).max(1000000),
  /** The first so many training samples. */
  samples: z.int().min(1).max(60000),
  /** Largest eigenvalues followed. */
  largest: z.int().min(1).max(50),
  /** Random vectors for trace, negative mass and condition number; 0 leaves these out. */
  probes: z.int().min(0).max(50),
  /** Lanczos steps from each of them. */
  steps: z.int().min(2).max(300),
})

/** How eigenvalues and eigenvectors that are there are looked at; changing it recomputes no spectrum. */
export const statisticsSchema = z.object({
  /** Neighbouring levels over which the mean spacing is taken in unfolding. */
  unfoldingWindow: z.int().min(1).max(500),
  /** Neighbours on each side in moving averages over the index. */
  averagingWindow: z.int().min(0).max(500),
  /** Random vectors that the Porter–Thomas p-values compare with. */
  nullVectors: z.int().min(100).max(100000),
  /** Epoch of the weights that eigenvectors are multiplied with besides those of their own checkpoint; null for none. */
  weightsEpoch: z.int().min(0).max(5000).nullable(),
})

/** Windows of the thesis's code. */
export const DEFAULT_STATISTICS: StatisticsSettings = { unfoldingWindow: 15, averagingWindow: 15, nullVectors: 10000, weightsEpoch: null }

export type HessianAnalysis = z.infer<typeof hessianAnalysisSchema>
export type WholeSpectrumAnalysis = z.infer<typeof wholeSpectrumAnalysisSchema>
export type DensityAnalysis = z.infer<typeof densityAnalysisSchema>
export type TraceAnalysis = z.infer<typeof traceAnalysisSchema>
export type DemonstrationAnalysis = z.infer<typeof demonstrationAnalysisSchema>
export type NoiseFilteringAnalysis = z.infer<typeof noiseFilteringAnalysisSchema>
export type SingularValuesAnalysis = z.infer<typeof singularValuesAnalysisSchema>
export type MonitorSettings = z.infer<typeof monitorSchema>
export type StatisticsSettings = z.infer<typeof statisticsSchema>

/** What every analysis of curvature says about its matrix. */
export type CurvatureSettings = Pick<HessianAnalysis, keyof typeof curvatureFields>
export type CurvatureMatrix = CurvatureSettings['matrix']
