/** WGSL of the two-sided block Jacobi method. */

/** Rows of a block; two blocks meet in a pair, whose symmetric submatrix one workgroup diagonalises. */
export const BLOCK = 16
export const PAIR = 2 * BLOCK
/** Threads of a workgroup: every WebGPU device has as many, those of compatibility level too. */
const THREADS = 128
/** Jacobi sweeps over the submatrix of a pair per meeting; fewer once nothing is left to rotate. */
const INNER_SWEEPS = 2
/** Words of `Round`: dynamic offsets must be multiples of 256 bytes. */
export const ROUND_BYTES = 256

/** Names of the kernels in `JACOBI_SHADER`. */
export const KERNELS = ['solvePairs', 'turnMatrix', 'turnVectors', 'startVectors', 'measure'] as const

/**
 * matrix, vectors [size, size]; turns [pairs, 32, 32], rotations less the identity; measures [2, size]: squares off the diagonal by row, diagonal.
 * A pair holds rows 16x … 16x + 15 and 16y … 16y + 15 of its blocks x and y, which a round robin brings together: in
 * blocks − 1 rounds every two blocks meet once.
 */
export const JACOBI_SHADER = /* wgsl */ `
struct Round { size: u32, blocks: u32, round: u32, threshold: f32 }
@group(0) @binding(0) var<uniform> now: Round;
@group(0) @binding(1) var<storage, read_write> matrix: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> vectors: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> turns: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> measures: array<f32>;

const QUADS = ${PAIR / 4}u;

// Round robin of an even number of players: the last one stays, the others move on by one.
fn meeting(players: u32, round: u32, table: u32) -> vec2u {
  let last = players - 1u;
  if (table == 0u) { return vec2u(round, last); }
  let first = round + table;
  let second = round + last - table;
  return vec2u(select(first, first - last, first >= last), select(second, second - last, second >= last));
}

// Row of the matrix that is row i of a pair.
fn rowOf(pair: vec2u, i: u32) -> u32 {
  return select(pair.y * ${BLOCK}u + i - ${BLOCK}u, pair.x * ${BLOCK}u + i, i < ${BLOCK}u);
}

// Where the four entries from column 4·quad of a pair lie in row \`row\`.
fn quadAt(row: u32, pair: vec2u, quad: u32) -> u32 {
  return (row * now.size + rowOf(pair, 4u * quad)) / 4u;
}

var<workgroup> a: array<array<f32, ${PAIR + 1}>, ${PAIR}>;
var<workgroup> u: array<array<f32, ${PAIR + 1}>, ${PAIR}>;
// Diagonal at the beginning and what it gained since: added one by one to the diagonal, many small gains would be lost.
var<workgroup> begun: array<f32, ${PAIR}>;
var<workgroup> gained: array<f32, ${PAIR}>;
// Who meets in this round, and the rotation of each two.
var<workgroup> tables: array<vec2u, ${BLOCK}>;
var<workgroup> rotations: array<vec3f, ${BLOCK}>;
var<workgroup> rotated: array<u32, ${BLOCK}>;
var<workgroup> busy: u32;

// Sine and tangent of the smaller angle that makes a[p][q] zero, and between them the tangent of its half.
fn rotationOf(p: u32, q: u32) -> vec3f {
  let coupling = a[p][q];
  if (!(abs(coupling) > now.threshold)) { return vec3f(); }
  let gap = a[q][q] - a[p][p];
  let half = gap / (2.0 * coupling);
  let guess = select(-1.0, 1.0, half >= 0.0) / (abs(half) + sqrt(1.0 + half * half));
  // Division and root may be off by some units in the last place, always to the same side: one Newton step each.
  let tangent = guess - (coupling * (guess * guess - 1.0) + gap * guess) / (2.0 * coupling * guess + gap);
  let cosine = 1.0 / sqrt(1.0 + tangent * tangent);
  let sine = tangent * cosine;
  let correction = 1.0 + 0.5 * ((1.0 - cosine * cosine) - sine * sine);
  return vec3f(sine * correction, sine * correction / (1.0 + cosine * correction), tangent);
}

// (c·p − s·q, s·p + c·q) as a change of p and q: a small angle keeps all its digits, where its cosine would be rounded to one.
fn turned(p: f32, q: f32, j: vec3f) -> vec2f {
  return vec2f(-j.x * (q + j.y * p), j.x * (p - j.y * q));
}

// Rows p, q and columns r, s of a at once: the four entries are touched by nobody else.
fn rotateBlock(left: u32, right: u32) {
  let rows = tables[left];
  let columns = tables[right];
  let j = rotations[left];
  let k = rotations[right];
  if (left == right) {
    if (j.x == 0.0) { return; }
    let shift = j.z * a[rows.x][rows.y];
    gained[rows.x] -= shift;
    gained[rows.y] += shift;
    a[rows.x][rows.x] = begun[rows.x] + gained[rows.x];
    a[rows.y][rows.y] = begun[rows.y] + gained[rows.y];
    a[rows.x][rows.y] = 0.0;
    a[rows.y][rows.x] = 0.0;
    return;
  }
  let first = vec2f(a[rows.x][columns.x], a[rows.y][columns.x]);
  let second = vec2f(a[rows.x][columns.y], a[rows.y][columns.y]);
  let before = first + turned(first.x, first.y, j);
  let behind = second + turned(second.x, second.y, j);
  let upper = vec2f(before.x, behind.x);
  let lower = vec2f(before.y, behind.y);
  let above = upper + turned(upper.x, upper.y, k);
  let below = lower + turned(lower.x, lower.y, k);
  a[rows.x][columns.x] = above.x;
  a[rows.x][columns.y] = above.y;
  a[rows.y][columns.x] = below.x;
  a[rows.y][columns.y] = below.y;
}

// Diagonalises the submatrix of pair \`group.x\`: writes it back and leaves U − 1, columns of U being its eigenvectors.
@compute @workgroup_size(${THREADS})
fn solvePairs(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let pair = meeting(now.blocks, now.round, group.x);
  for (var e = thread; e < ${PAIR * PAIR / 4}u; e += ${THREADS}u) {
    let i = e / QUADS;
    let four = matrix[quadAt(rowOf(pair, i), pair, e % QUADS)];
    for (var x = 0u; x < 4u; x++) {
      let j = 4u * (e % QUADS) + x;
      a[i][j] = four[x];
      u[i][j] = 0.0;
      if (i == j) {
        begun[i] = four[x];
        gained[i] = 0.0;
      }
    }
  }
  for (var sweep = 0u; sweep < ${INNER_SWEEPS}u; sweep++) {
    if (thread < ${BLOCK}u) { rotated[thread] = 0u; }
    workgroupBarrier();
    for (var round = 0u; round < ${PAIR - 1}u; round++) {
      if (thread < ${BLOCK}u) {
        let rows = meeting(${PAIR}u, round, thread);
        let rotation = rotationOf(rows.x, rows.y);
        tables[thread] = rows;
        rotations[thread] = rotation;
        if (rotation.x != 0.0) { rotated[thread] = 1u; }
      }
      workgroupBarrier();
      for (var e = thread; e < ${BLOCK * BLOCK}u; e += ${THREADS}u) { rotateBlock(e / ${BLOCK}u, e % ${BLOCK}u); }
      for (var e = thread; e < ${PAIR * BLOCK}u; e += ${THREADS}u) {
        let columns = tables[e % ${BLOCK}u];
        let j = rotations[e % ${BLOCK}u];
        let i = e / ${BLOCK}u;
        let whole = vec2f(u[i][columns.x], u[i][columns.y]) + vec2f(vec2u(i, i) == columns);
        let change = turned(whole.x, whole.y, j);
        u[i][columns.x] += change.x;
        u[i][columns.y] += change.y;
      }
      workgroupBarrier();
    }
    if (thread == 0u) {
      busy = 0u;
      for (var x = 0u; x < ${BLOCK}u; x++) { busy += rotated[x]; }
    }
    if (workgroupUniformLoad(&busy) == 0u) { break; }
  }
  for (var e = thread; e < ${PAIR * PAIR / 4}u; e += ${THREADS}u) {
    let i = e / QUADS;
    let j = 4u * (e % QUADS);
    let along = vec4f(a[i][j], a[i][j + 1u], a[i][j + 2u], a[i][j + 3u]);
    let across = vec4f(a[j][i], a[j + 1u][i], a[j + 2u][i], a[j + 3u][i]);
    matrix[quadAt(rowOf(pair, i), pair, e % QUADS)] = 0.5 * (along + across);
    turns[group.x * ${PAIR * PAIR / 4}u + e] = vec4f(u[i][j], u[i][j + 1u], u[i][j + 2u], u[i][j + 3u]);
  }
}

var<workgroup> tile: array<vec4f, ${PAIR * PAIR / 4}>;
var<workgroup> left: array<vec4f, ${PAIR * PAIR / 4}>;
var<workgroup> right: array<vec4f, ${PAIR * PAIR / 4}>;

// Rows i and i + 16 of (1 + left)ᵀ · tile, four columns from 4·quad.
fn turnRows(i: u32, quad: u32) -> array<vec4f, 2> {
  var upper = vec4f();
  var lower = vec4f();
  // The small changes are summed first and added to the old entries last.
  let quarter = i / 4u;
  let x = i % 4u;
  for (var k = 0u; k < ${PAIR}u; k++) {
    let four = tile[k * QUADS + quad];
    upper += left[k * QUADS + quarter][x] * four;
    lower += left[k * QUADS + quarter + ${BLOCK / 4}u][x] * four;
  }
  return array<vec4f, 2>(tile[i * QUADS + quad] + upper, tile[(i + ${BLOCK}u) * QUADS + quad] + lower);
}

// Row i of tile · (1 + right), four columns from 4·quad.
fn turnColumns(i: u32, quad: u32) -> vec4f {
  var sum = vec4f();
  for (var k = 0u; k < QUADS; k++) {
    let four = tile[i * QUADS + k];
    sum += four.x * right[4u * k * QUADS + quad];
    sum += four.y * right[(4u * k + 1u) * QUADS + quad];
    sum += four.z * right[(4u * k + 2u) * QUADS + quad];
    sum += four.w * right[(4u * k + 3u) * QUADS + quad];
  }
  return tile[i * QUADS + quad] + sum;
}

// Submatrix of two pairs and its mirror image: both their rotations.
@compute @workgroup_size(${THREADS})
fn turnMatrix(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  if (group.x >= group.y) { return; }
  let above = meeting(now.blocks, now.round, group.x);
  let beside = meeting(now.blocks, now.round, group.y);
  for (var e = thread; e < ${PAIR * PAIR / 4}u; e += ${THREADS}u) {
    tile[e] = matrix[quadAt(rowOf(above, e / QUADS), beside, e % QUADS)];
    left[e] = turns[group.x * ${PAIR * PAIR / 4}u + e];
    right[e] = turns[group.y * ${PAIR * PAIR / 4}u + e];
  }
  workgroupBarrier();
  let i = thread / QUADS;
  let quad = thread % QUADS;
  let fresh = turnRows(i, quad);
  workgroupBarrier();
  tile[i * QUADS + quad] = fresh[0];
  tile[(i + ${BLOCK}u) * QUADS + quad] = fresh[1];
  workgroupBarrier();
  let upper = turnColumns(i, quad);
  let lower = turnColumns(i + ${BLOCK}u, quad);
  workgroupBarrier();
  tile[i * QUADS + quad] = upper;
  tile[(i + ${BLOCK}u) * QUADS + quad] = lower;
  workgroupBarrier();
  for (var e = thread; e < ${PAIR * PAIR / 4}u; e += ${THREADS}u) {
    let row = e / QUADS;
    let column = e % QUADS;
    matrix[quadAt(rowOf(above, row), beside, column)] = tile[e];
    let quarter = row / 4u;
    let x = row % 4u;
    let mirrored = vec4f(
      tile[4u * column * QUADS + quarter][x],
      tile[(4u * column + 1u) * QUADS + quarter][x],
      tile[(4u * column + 2u) * QUADS + quarter][x],
      tile[(4u * column + 3u) * QUADS + quarter][x],
    );
    matrix[quadAt(rowOf(beside, row), above, column)] = mirrored;
  }
}

// Rows of a pair of the vectors, 32 columns: Uᵀ · vectors.
@compute @workgroup_size(${THREADS})
fn turnVectors(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let pair = meeting(now.blocks, now.round, group.x);
  let start = group.y * QUADS;
  for (var e = thread; e < ${PAIR * PAIR / 4}u; e += ${THREADS}u) {
    tile[e] = vectors[rowOf(pair, e / QUADS) * (now.size / 4u) + start + e % QUADS];
    left[e] = turns[group.x * ${PAIR * PAIR / 4}u + e];
  }
  workgroupBarrier();
  let i = thread / QUADS;
  let quad = thread % QUADS;
  let fresh = turnRows(i, quad);
  vectors[rowOf(pair, i) * (now.size / 4u) + start + quad] = fresh[0];
  vectors[rowOf(pair, i + ${BLOCK}u) * (now.size / 4u) + start + quad] = fresh[1];
}

// Identity matrix; the buffer is zero before. One workgroup per 128 rows.
@compute @workgroup_size(${THREADS})
fn startVectors(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= now.size) { return; }
  var four = vec4f();
  four[at.x % 4u] = 1.0;
  vectors[(at.x * now.size + at.x) / 4u] = four;
}

var<workgroup> sums: array<f32, ${THREADS}>;

// One workgroup per row.
@compute @workgroup_size(${THREADS})
fn measure(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let row = group.x;
  var sum = 0.0;
  for (var quad = thread; quad < now.size / 4u; quad += ${THREADS}u) {
    var four = matrix[row * (now.size / 4u) + quad];
    if (quad == row / 4u) {
      measures[now.size + row] = four[row % 4u];
      four[row % 4u] = 0.0;
    }
    sum += dot(four, four);
  }
  sums[thread] = sum;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) { sums[thread] += sums[thread + half]; }
  }
  if (thread == 0u) { measures[row] = sums[0]; }
}
`
