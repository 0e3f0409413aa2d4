// SPDX-License-Identifier: Apache-2.0

// Package label is a module that the program takes from a folder.
package label

// Line is what stands on a parcel.
func Line(name, number string) string { return name + " #" + number }
