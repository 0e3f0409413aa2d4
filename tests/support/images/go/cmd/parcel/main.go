// SPDX-License-Identifier: Apache-2.0

// Parcel is a program for the tests: small, and with modules that are really linked.
package main

import (
	"fmt"
	"os"

	"github.com/BurntSushi/toml"
	"github.com/dgrijalva/jwt-go"
	"github.com/google/uuid"
	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"shipping.example/label"
)

func main() {
	var order struct{ Name string }
	if len(os.Args) > 1 {
		if _, err := toml.Decode(os.Args[1], &order); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	name := cases.Title(language.English).String(order.Name)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": name})
	signed, _ := token.SignedString([]byte("not a secret"))
	fmt.Println(label.Line(name, uuid.NewSHA1(uuid.NameSpaceDNS, []byte(name)).String()), signed)
}
