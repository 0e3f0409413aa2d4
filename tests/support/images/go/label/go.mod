module shipping.example/label

go 1.21
