"""Networks of the lab in PyTorch on so many threads (argument), asked line by line over standard input (JSON): times in milliseconds.

open       a network as operations with its arrays; raw state, images and labels follow; no answer values
losses     cross entropy of the first batch before each of `steps` SGD steps on it
step       a step, mean over one pass through the whole batches
gradient   a gradient over all samples
product    a Hessian-vector product over all samples; the graph of the gradient is reused
eigenpairs the `count` largest of that Hessian by SciPy's eigsh to its `tolerance`; null where SciPy is missing
"""

import json
import re
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
source = sys.stdin.buffer


def blas():
    """Where the BLAS in use lies: a tuned one is several times faster than the reference library."""
    try:
        maps = Path("/proc/self/maps").read_text()
    except OSError:
        return "an unknown BLAS"
    files = {Path(line.split()[-1]).resolve() for line in maps.splitlines() if "/" in line}
    return ", ".join(sorted(f"{file.parent.name}/{file.name}" for file in files if re.match(r"lib(blas|mkl|cblas|openblas64)", file.name))) or "its own BLAS"


def along(length, size, stride):
    """TensorFlow's `same` padding before and after: an odd pixel stands at the end."""
    total = max((-(-length // stride) - 1) * stride + size - length, 0)
    return total // 2, total - total // 2


def padding_of(node, shape):
    if node["padding"] == "valid":
        return (0, 0), (0, 0)
    return along(shape[0], node["size"], node["stride"]), along(shape[1], node["size"], node["stride"])


def padded(operation, vertical, horizontal, value):
    """An operation that pads by itself where both sides are equal, and on padded images elsewhere."""
    if vertical[0] == vertical[1] and horizontal[0] == horizontal[1]:
        return lambda x: operation(x, (vertical[0], horizontal[0]))
    return lambda x: operation(F.pad(x, (*horizontal, *vertical), value=value), 0)


def convolution(node, shape, weight, bias):
    return padded(lambda x, padding: F.conv2d(x, weight, bias, node["stride"], padding), *padding_of(node, shape), 0.0)


def pooling(node, shape):
    vertical, horizontal = padding_of(node, shape)
    if vertical[0] == horizontal[0] == 0 and node["padding"] == "same":
        return lambda x: F.max_pool2d(x, node["size"], node["stride"], ceil_mode=True)
    return padded(lambda x, padding: F.max_pool2d(x, node["size"], node["stride"], padding), vertical, horizontal, float("-inf"))


def operation(node, shape, arrays):
    """The function of a node; `shape` is its input's in our order, without the batch."""
    of = lambda role: arrays.get((node["layer"], role))
    kind = node["op"]
    if kind == "dense":
        weight, bias = of("kernel"), of("bias")
        return lambda x: F.linear(x, weight, bias)
    if kind == "conv":
        return convolution(node, shape, of("kernel"), of("bias"))
    if kind == "batchNorm":
        mean, variance, gamma, beta = of("mean"), of("variance"), of("gamma"), of("beta")
        return lambda x: F.batch_norm(x, mean, variance, gamma, beta, True, 0.01, 1e-3)
    if kind == "maxPool":
        return pooling(node, shape)
    if kind == "globalAveragePool":
        return lambda x: x.mean((2, 3))
    if kind == "add":
        return lambda x, y: x + y
    return {"activation": F.relu, "flatten": lambda x: torch.flatten(x, 1)}[kind]


def array_of(state, slot, image):
    """An array in PyTorch's order; `image` is the shape that a dense layer sees flattened channel by channel, or None."""
    value = torch.from_numpy(state[slot["offset"] : slot["offset"] + slot["size"]].copy()).reshape(slot["shape"])
    if len(slot["shape"]) == 4:
        value = value.permute(3, 2, 0, 1)
    elif len(slot["shape"]) == 2:
        if image is not None:
            value = value.reshape(*image, -1).permute(2, 0, 1, 3).reshape(slot["shape"])
        value = value.T
    value = value.contiguous()
    return value if slot["role"] in ("mean", "variance") else value.requires_grad_()


class Subject:
    def __init__(self, graph, slots, batch, momentum, rate, samples, state_length):
        nodes, inputs = graph["nodes"], graph["inputShape"]
        read = lambda count, kind: np.frombuffer(source.read(count * np.dtype(kind).itemsize), kind)
        state = read(state_length, "float32")
        images = torch.from_numpy(read(samples * int(np.prod(inputs)), "float32").copy()).reshape(samples, *inputs)
        self.x = images.permute(0, 3, 1, 2).contiguous() if len(inputs) == 3 else images
        self.y = torch.from_numpy(read(samples, "uint8").astype("int64"))
        shape_of = lambda index: inputs if index < 0 else nodes[index]["outputShape"]
        flattened = {
            node["layer"]: shape_of(nodes[node["inputs"][0]]["inputs"][0])
            for node in nodes
            if node["op"] == "dense" and node["inputs"][0] >= 0 and nodes[node["inputs"][0]]["op"] == "flatten"
        }
        arrays = {(slot["layer"], slot["role"]): array_of(state, slot, flattened.get(slot["layer"])) for slot in slots}
        self.nodes = [(operation(node, shape_of(node["inputs"][0]), arrays), node["inputs"]) for node in nodes]
        self.parameters = [value for value in arrays.values() if value.requires_grad]
        self.optimizer = torch.optim.SGD(self.parameters, lr=rate, momentum=momentum)
        self.batch = batch
        self.kept = None

    def loss(self, rows):
        x, values = self.x[rows], []
        for function, inputs in self.nodes:
            values.append(function(*(x if index < 0 else values[index] for index in inputs)))
        return F.cross_entropy(values[-1], self.y[rows])

    def take_step(self, first):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(slice(first, first + self.batch))
        loss.backward()
        self.optimizer.step()
        return loss

    def losses(self, steps):
        return [float(self.take_step(0)) for _ in range(steps)]

    def step(self):
        starts = range(0, len(self.y) - self.batch + 1, self.batch)
        return timed(lambda: [self.take_step(first) for first in starts]) / len(starts)

    def gradient(self, keep=False):
        return torch.autograd.grad(self.loss(slice(None)), self.parameters, create_graph=keep)

    def product(self):
        if self.kept is None:
            self.kept = self.gradient(keep=True), [torch.randn_like(value) for value in self.parameters]
        graph, direction = self.kept
        return timed(lambda: torch.autograd.grad(graph, self.parameters, grad_outputs=direction, retain_graph=True))

    def eigenpairs(self, count, tolerance):
        try:
            import scipy
            from scipy.sparse.linalg import LinearOperator, eigsh
        except ImportError:
            return None
        sizes = [value.numel() for value in self.parameters]
        products, graph = 0, None

        def multiply(v):
            nonlocal products
            products += 1
            parts = torch.from_numpy(v.astype("float32").ravel()).split(sizes)
            direction = [part.view_as(value) for part, value in zip(parts, self.parameters)]
            columns = torch.autograd.grad(graph, self.parameters, grad_outputs=direction, retain_graph=True)
            return torch.cat([column.reshape(-1) for column in columns]).numpy().astype("float64")

        start = time.perf_counter()
        graph = self.gradient(keep=True)
        values, vectors = eigsh(LinearOperator((sum(sizes),) * 2, multiply, dtype="float64"), k=count, which="LA", tol=tolerance)
        milliseconds = 1000 * (time.perf_counter() - start)
        pairs = sorted(zip(values, vectors.T), key=lambda pair: -pair[0])
        answer = {"version": scipy.__version__, "milliseconds": milliseconds, "products": products, "eigenvalues": [float(value) for value, _ in pairs]}
        return {**answer, "residuals": [float(np.linalg.norm(multiply(v) - value * v)) for value, v in pairs]}


def timed(work):
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def answer(value):
    print(json.dumps(value), flush=True)


answer(f"{torch.__version__} with {blas()}")
subject = None
for line in iter(source.readline, b""):
    request = json.loads(line)
    kind = request.pop("kind")
    if kind == "open":
        subject = Subject(**request)
        answer(0)
    elif kind == "losses":
        answer(subject.losses(request["steps"]))
    elif kind == "step":
        answer(subject.step())
    elif kind == "gradient":
        answer(timed(subject.gradient))
    elif kind == "product":
        answer(subject.product())
    elif kind == "eigenpairs":
        answer(subject.eigenpairs(**request))
