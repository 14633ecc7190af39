//go:build !countersign_pkgconfig

package native

// The library that build.sh puts beside this module. With the build tag countersign_pkgconfig it is
// found through pkg-config instead.

/*
#cgo CFLAGS: -I${SRCDIR}/../../lib
#cgo LDFLAGS: -L${SRCDIR}/../../lib -lcountersign
#cgo linux LDFLAGS: -lpthread -ldl -lm
#cgo darwin LDFLAGS: -framework CoreFoundation -framework Security -liconv
*/
import "C"
