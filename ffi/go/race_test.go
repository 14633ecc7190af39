//go:build race

package countersign_test

func init() { raced = true }
