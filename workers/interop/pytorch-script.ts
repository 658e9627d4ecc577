/** `analyse.py` of a PyTorch bundle. It is text of this program, so that one module serves browser and Node. */
export const ANALYSE_SCRIPT = String.raw`"""Repeats a Hessian analysis of Hessian Lab with PyTorch, in float64, and compares the numbers.

    python3 analyse.py [--batch 500] [--scipy]

Needs NumPy and PyTorch; --scipy, with SciPy installed, needs less memory and more time. Beside this script lie
  weights.npz    arrays in TensorFlow's shapes: dense kernels [in, out], convolutions [height, width, in, out];
                 mean and variance are the running statistics of batch norms
  samples.npz    x, images as [samples, height, width, channels], and their classes y
  network.json   the operations in order, and the parameters in the order of the flat vector
  expected.json  what Hessian Lab found
The loss is the mean cross entropy plus weightDecay * sum of squares of the decayed kernels.
Exit status 1 if a number differs by more than 1e-4 of itself; eigenvalues may differ by their residual and by 1e-5
of the largest as well, so that zeros need not agree to all digits. Equal ones count once.
"""
import argparse
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

HERE = Path(__file__).resolve().parent
TOLERANCE = 1e-4
ZERO = 1e-5  # of the largest eigenvalue: what single precision leaves of a zero
ACTIVATIONS = {"relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "softplus": F.softplus, "gelu": F.gelu}


def to_torch(array):
    """An array in TensorFlow's shape as a tensor in PyTorch's: [out, in] and [out, in, height, width]."""
    tensor = torch.as_tensor(np.asarray(array, dtype=np.float64))
    if tensor.dim() == 2:
        return tensor.T
    return tensor.permute(3, 2, 0, 1) if tensor.dim() == 4 else tensor


def from_torch(tensor):
    """The way back, as a flat vector."""
    if tensor.dim() == 2:
        tensor = tensor.T
    elif tensor.dim() == 4:
        tensor = tensor.permute(2, 3, 1, 0)
    return tensor.detach().reshape(-1).numpy()


def pad(x, window, value=0.0):
    """Padding as TensorFlow has it: with "same", an odd pixel stands at the end."""
    if window["padding"] == "valid":
        return x
    sides = []
    for length in (x.shape[3], x.shape[2]):  # F.pad begins with the last axis
        total = max((math.ceil(length / window["stride"]) - 1) * window["stride"] + window["size"] - length, 0)
        sides += [total // 2, total - total // 2]
    return F.pad(x, sides, value=value)


def average_pool(x, window):
    """Mean over the pixels of each window that lie in the image."""
    inside = pad(torch.ones_like(x[:1, :1]), window)
    shape = {"kernel_size": window["size"], "stride": window["stride"]}
    return F.avg_pool2d(pad(x, window), **shape) / F.avg_pool2d(inside, **shape)


class Network(nn.Module):
    """The network of network.json; its weights are set by load."""

    def __init__(self, description, batch_norm):
        super().__init__()
        self.nodes = description["nodes"]
        self.batch_norm = batch_norm
        self.modules_by_node = nn.ModuleDict()
        shapes = {parameter["name"]: parameter["shape"] for parameter in description["parameters"]}
        for at, node in enumerate(self.nodes):
            if node["op"] in ("dense", "conv"):
                shape = shapes[f"{node['op']}_{node['layer']}/kernel"]
                layer = nn.Linear(*shape, bias=node["bias"]) if node["op"] == "dense" else nn.Conv2d(*shape[2:], node["size"], node["stride"], bias=node["bias"])
                self.modules_by_node[str(at)] = layer.double()
            elif node["op"] == "batchNorm":
                self.modules_by_node[str(at)] = nn.BatchNorm1d(node["outputShape"][-1], eps=description["epsilon"]).double()

    def load(self, arrays):
        """Copies the weights; returns the parameters by Hessian Lab's names."""
        by_name, kind = {}, None
        for at, module in ((int(key), module) for key, module in self.modules_by_node.items()):
            node = self.nodes[at]
            is_norm = node["op"] == "batchNorm"
            kind = kind if is_norm else node["op"]
            targets = {"gamma": module.weight, "beta": module.bias, "mean": module.running_mean, "variance": module.running_var} if is_norm else {"kernel": module.weight, "bias": module.bias}
            for role, target in targets.items():
                if target is None:
                    continue
                name = f"{kind}_{node['layer']}/{role}"
                target.data.copy_(to_torch(arrays[name]))
                by_name[name] = target
        return by_name

    def forward(self, x):
        """Logits of x: [samples, features] or [samples, height, width, channels]."""
        values = []
        image = x.permute(0, 3, 1, 2) if x.dim() == 4 else x
        for at, node in enumerate(self.nodes):
            inputs = [image if source < 0 else values[source] for source in node["inputs"]]
            values.append(self.apply_node(at, node, *inputs))
        return values[-1]

    def apply_node(self, at, node, x, other=None):
        op = node["op"]
        if op == "dense":
            return self.modules_by_node[str(at)](x)
        if op == "conv":
            return self.modules_by_node[str(at)](pad(x, node))
        if op == "batchNorm":
            norm = self.modules_by_node[str(at)]
            return F.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, self.batch_norm == "training", 0.0, norm.eps)
        if op == "activation":
            return ACTIVATIONS[node["function"]](x)
        if op == "maxPool":
            return F.max_pool2d(pad(x, node, -math.inf), node["size"], node["stride"])
        if op == "averagePool":
            return average_pool(x, node)
        if op == "globalAveragePool":
            return x.mean(dim=(2, 3))
        if op == "flatten":  # in the order height, width, channels
            return x.permute(0, 2, 3, 1).flatten(1)
        if op == "reshape":
            return x.reshape(x.shape[0], -1, 1, 1)
        if op == "add":
            return x + other
        raise ValueError(f"unknown operation {op}")


class Loss:
    """The loss as a function of the selected parameters, with gradient and exact Hessian-vector products."""

    def __init__(self, network, parameters, x, y, weight_decay, batch):
        self.network, self.x, self.y, self.batch = network, x, y, batch
        self.weight_decay, self.kept = weight_decay, None
        self.selected = [(tensor, shape) for tensor, shape, is_selected, _ in parameters if is_selected]
        self.tensors = [tensor for tensor, _ in self.selected]
        self.decayed = [tensor for tensor, _, _, is_decayed in parameters if is_decayed]
        self.size = sum(tensor.numel() for tensor in self.tensors)

    def parts(self):
        """Terms of the loss: batches of samples, then the weight decay."""
        for start in range(0, len(self.y), self.batch):
            logits = self.network(self.x[start:start + self.batch])
            yield F.cross_entropy(logits, self.y[start:start + self.batch], reduction="sum") / len(self.y)
        if self.weight_decay:
            yield self.weight_decay * sum((kernel ** 2).sum() for kernel in self.decayed)

    def flat(self, tensors):
        zeros = torch.zeros(()).double()
        return np.concatenate([from_torch(zeros.expand_as(own) if tensor is None else tensor) for own, tensor in zip(self.tensors, tensors)])

    def value_and_gradient(self):
        value, gradient = 0.0, np.zeros(self.size)
        for part in self.parts():
            value += part.item()
            gradient += self.flat(torch.autograd.grad(part, self.tensors, allow_unused=True))
        return value, gradient

    def product(self, vector):
        """H v: the gradient of (gradient . v)."""
        pieces = np.split(np.asarray(vector, dtype=np.float64).reshape(-1), np.cumsum([tensor.numel() for tensor in self.tensors])[:-1])
        tangents = [to_torch(piece.reshape(shape)) for piece, (_, shape) in zip(pieces, self.selected)]
        result = np.zeros(self.size)
        for gradients in self.gradients():
            slopes = [(gradient * tangent).sum() for gradient, tangent in zip(gradients, tangents) if gradient is not None and gradient.requires_grad]
            if slopes:
                result += self.flat(torch.autograd.grad(sum(slopes), self.tensors, allow_unused=True, retain_graph=self.kept is not None))
        return result

    def gradients(self):
        """Gradients of the parts as functions of the parameters; kept for further products if one batch holds all samples."""
        if self.kept is not None:
            return self.kept
        made = (torch.autograd.grad(part, self.tensors, create_graph=True, allow_unused=True) for part in self.parts())
        if len(self.y) <= self.batch:
            self.kept = list(made)
            return self.kept
        return made


def show_progress(products):
    """Only for people: not into files and pipes."""
    if sys.stderr.isatty():
        print(f"\r{products} products", end="\r", file=sys.stderr)


def orthogonal_to(basis, vector):
    for _ in range(2):  # once leaves a rest, twice is enough
        for unit in basis:
            vector = vector - (unit @ vector) * unit
    return vector


def lanczos(product, size, largest, smallest, max_steps=1000):
    """Eigenvalues of a symmetric operator, descending and ascending: Lanczos with full reorthogonalisation, run until
    so many at both ends are settled."""
    random = np.random.default_rng(0)
    basis, diagonal, off_diagonal = [], [], []
    vector = random.standard_normal(size)
    for step in range(min(size, max_steps)):
        basis.append(vector / np.linalg.norm(vector))
        image = product(basis[-1])
        show_progress(step + 1)
        diagonal.append(basis[-1] @ image)
        vector = orthogonal_to(basis, image)
        norm = np.linalg.norm(vector)
        scale = np.abs(diagonal).max()
        off_diagonal.append(norm)
        last = step + 1 == min(size, max_steps)
        if last or (step % 5 == 4 and step + 1 >= largest + smallest):
            inner = off_diagonal[:-1]
            values, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(inner, 1) + np.diag(inner, -1))
            wanted = list(range(smallest)) + list(range(len(values) - largest, len(values)))
            if last or all(abs(norm * vectors[-1, i]) <= 1e-6 * np.abs(values).max() for i in wanted):
                break
        if norm <= 1e-13 * scale:  # an invariant subspace is exhausted: go on in its complement
            off_diagonal[-1], vector = 0.0, orthogonal_to(basis, random.standard_normal(size))
    return values[::-1], values


def by_scipy(product, size, largest, smallest):
    """The same by ARPACK, which restarts: less memory and more products."""
    from scipy.sparse.linalg import LinearOperator, eigsh
    operator = LinearOperator((size, size), matvec=product, dtype=np.float64)
    options = {"tol": 1e-6, "v0": np.random.default_rng(0).standard_normal(size), "return_eigenvectors": False}
    top = np.sort(eigsh(operator, k=largest, which="LA", **options))[::-1] if largest else []
    bottom = np.sort(eigsh(operator, k=smallest, which="SA", **options)) if smallest else []
    return top, bottom


def group_numbers(values, zero):
    """The position of each value among the distinct ones: an iteration from one vector need not see all copies."""
    groups, first = [], None
    for value in values:
        new = first is None or abs(value - first) > TOLERANCE * abs(first) + zero
        groups.append((groups[-1] if groups else -1) + int(new))
        first = value if new else first
    return groups


def first_of_groups(values, zero):
    groups = group_numbers(values, zero)
    return [value for i, value in enumerate(values) if i == 0 or groups[i] != groups[i - 1]]


def check_direction(size, seed):
    """The direction of the product that Hessian Lab measured: numbers in [-1, 1) from the bits of a hash of the index."""
    with np.errstate(over="ignore"):
        bits = (np.arange(1, size + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)) ^ np.uint32(seed)
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
            bits = (bits ^ (bits >> np.uint32(shift))) * np.uint32(factor)
        bits ^= bits >> np.uint32(16)
    return (bits >> np.uint32(8)) / 2.0 ** 23 - 1.0


class Table:
    """Rows of expected and found numbers; remembers whether one was too far off."""

    def __init__(self):
        self.failed = 0
        print(f"{'':28}{'expected':>18}{'here':>18}{'difference':>12}")

    def row(self, name, expected, here, allowed=0.0, compared=True):
        difference = abs(here - expected)
        relative = difference / abs(expected) if expected else difference
        good = difference <= TOLERANCE * abs(expected) + allowed
        self.failed += int(compared and not good)
        note = "" if compared and good else "  DIFFERS" if compared else "  not converged there, not compared"
        print(f"{name:28}{expected:18.9g}{here:18.9g}{relative:12.1e}{note}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--batch", type=int, default=500, help="samples in one pass; fewer need less memory")
    arguments.add_argument("--scipy", action="store_true", help="eigenvalues by SciPy's eigsh")
    options = arguments.parse_args()

    description = json.loads((HERE / "network.json").read_text())
    expected = json.loads((HERE / "expected.json").read_text())
    samples = np.load(HERE / "samples.npz")
    x, y = torch.as_tensor(samples["x"]).double(), torch.as_tensor(samples["y"].astype(np.int64))
    # Batch norm with the statistics of the samples needs all of them at once.
    batch = len(y) if expected["batchNorm"] == "training" else options.batch

    network = Network(description, expected["batchNorm"])
    tensors = network.load(np.load(HERE / "weights.npz"))
    wanted = expected["selection"].split("+")
    parameters = [(tensors[p["name"]], p["shape"], "all" in wanted or p["selection"] in wanted, p["decayed"]) for p in description["parameters"]]
    loss = Loss(network, parameters, x, y, expected["weightDecay"], batch)
    print(f"{description['description']}, {description['activation']}; {expected['selection']}: {loss.size} parameters, {len(y)} samples, weight decay {expected['weightDecay']:g}")

    table = Table()
    value, gradient = loss.value_and_gradient()
    table.row("loss", expected["loss"], value)
    table.row("length of the gradient", expected["gradientNorm"], np.linalg.norm(gradient))
    direction = check_direction(loss.size, expected["product"]["seed"])
    product = loss.product(direction)
    table.row("length of H v", expected["product"]["norm"], np.linalg.norm(product))
    table.row("v . H v", expected["product"]["quotient"], direction @ product)
    solve = by_scipy if options.scipy else lanczos
    top, bottom = solve(loss.product, loss.size, len(expected["largest"]), len(expected["smallest"]))
    zero = ZERO * max((abs(pair["value"]) for pair in expected["largest"] + expected["smallest"]), default=0.0)
    for name, pairs, found in (("largest", expected["largest"], top), ("smallest", expected["smallest"], bottom)):
        groups, found = group_numbers([pair["value"] for pair in pairs], zero), first_of_groups(found, zero)
        for i, (pair, group) in enumerate(zip(pairs, groups)):
            table.row(f"{name} eigenvalue {i + 1}", pair["value"], found[min(group, len(found) - 1)], pair["residual"] + zero, pair["converged"])
    print("The numbers agree." if not table.failed else f"{table.failed} numbers differ by more than {TOLERANCE:g} of themselves.")
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
`
