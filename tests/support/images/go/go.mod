module shipping.example/parcel

go 1.21

require (
	github.com/BurntSushi/toml v1.4.0
	github.com/dgrijalva/jwt-go v3.2.0+incompatible
	github.com/google/uuid v1.6.0
	golang.org/x/text v0.21.0
	shipping.example/label v1.5.0
)

replace (
	github.com/google/uuid => github.com/google/uuid v1.5.0
	shipping.example/label => ./label
)
