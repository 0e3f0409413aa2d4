// SPDX-License-Identifier: Apache-2.0
package org.example.shop;

/** Something for Maven to compile: the image is read, never run. */
public class Web {}
