# SPDX-License-Identifier: Apache-2.0
# latency.sh - percentiles of two million payments: histograms, and sorting.
# shellcheck shell=sh

for round in 1 2 3; do
	$bin/latency_bench draw 2000000 1
	for how in live live-sorted; do $bin/latency_bench $how 2000000 200; done
	for how in cells cells-sorted; do $bin/latency_bench $how 2000000 400; done
done | tee -a "$work/latency.json"
# What results.json has of 10, 100 and 5,000 payments a cell.
for payments in 4000 40000 2000000; do
	$bin/latency_bench cells $payments 400
done | tee -a "$work/latency-text.json"
