//go:build countersign_pkgconfig

package native

// #cgo pkg-config: countersign
import "C"
