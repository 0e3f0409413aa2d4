// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package main

// static int parcels(void) { return 1; }
import "C"

var parcels = int(C.parcels())
