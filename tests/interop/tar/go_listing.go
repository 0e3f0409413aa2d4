// SPDX-License-Identifier: Apache-2.0

// Prints what Go's archive/tar sees, in the form of tar_listing.cpp.
package main

import (
	"archive/tar"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
)

func list(in io.Reader) (string, error) {
	var out strings.Builder
	reader := tar.NewReader(in)
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return out.String(), nil
		}
		if err != nil {
			return "", err
		}
		kind := map[byte]string{'1': "h", '2': "l", '3': "c", '4': "b", '5': "d", '6': "p"}[header.Typeflag]
		if header.Typeflag == 'g' || header.Typeflag == 'V' {
			continue
		}
		if kind == "" {
			kind = "f"
		}
		size := header.Size
		var content bytes.Buffer
		if kind != "f" {
			size = 0
		} else if _, err := io.Copy(&content, reader); err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "%s %s %s %d %s\n", kind, hex.EncodeToString([]byte(header.Name)),
			hex.EncodeToString([]byte(header.Linkname)), size, hex.EncodeToString(content.Bytes()))
	}
}

func main() {
	out, err := list(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		out = "refused\n"
	}
	fmt.Print(out)
}
