#!/bin/sh
# The models of b4.yaml: the one that is embedded as "microworld-llama", kept on its way too. Four and a half minutes on one busy core of an AMD EPYC.
# eckart stands for the program; see README.md.
set -e
eckart train microworld --family llama --seed 1 --threads 1 --keep 1000,1500,2000,3000 --out "${1:-models/microworld-llama}"
