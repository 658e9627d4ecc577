"""MLP 50 in PyTorch on one thread: milliseconds of an SGD step (batch 32), a gradient and a Hessian-vector product (N = 2000)."""

import json
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(0)
model = torch.nn.Sequential(
    torch.nn.Linear(784, 50), torch.nn.ReLU(), torch.nn.Linear(50, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10)
)
parameters = list(model.parameters())
entropy = torch.nn.CrossEntropyLoss()
x, y = torch.randn(2000, 784), torch.randint(10, (2000,))
optimizer = torch.optim.SGD(parameters, lr=0.01)


def steps(count):
    for i in range(count):
        rows = slice(32 * (i % 60), 32 * (i % 60) + 32)
        optimizer.zero_grad()
        entropy(model(x[rows]), y[rows]).backward()
        optimizer.step()


def gradient(keep=False):
    return torch.autograd.grad(entropy(model(x), y), parameters, create_graph=keep)


direction = [torch.randn_like(p) for p in parameters]


def product(graph):
    torch.autograd.grad(graph, parameters, grad_outputs=direction, retain_graph=True)


def fastest(work, repeats):
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return 1000 * best


step = fastest(lambda: steps(60), 10) / 60
single_gradient = fastest(gradient, 15)
linearised = gradient(keep=True)
print(json.dumps({"step": step, "gradient": single_gradient, "product": fastest(lambda: product(linearised), 15), "version": torch.__version__}))
